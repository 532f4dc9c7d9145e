"""The compiler: the typed rules of one brief as one text of SQL."""

from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.kernel import Kernel, compile_rules

__all__ = ["CannotCompileError", "Kernel", "compile_rules"]
