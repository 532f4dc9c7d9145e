"""Rule packs for checker; there is nothing here to import."""
