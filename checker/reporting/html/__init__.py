"""The sign-off sheet: one self-contained HTML file to read, file and print."""
