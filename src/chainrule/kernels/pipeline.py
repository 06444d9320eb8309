"""How numba is told to compile: its own passes, then LLVM's once over the whole kernel, and object code for a file.

numba itself optimises every function that a kernel calls, and once more in the kernel, and makes each executable.
"""

from __future__ import annotations

from functools import cache

from numba.core import config
from numba.core.codegen import AOTCodeLibrary, JITCPUCodegen
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_lock import global_compiler_lock


class KernelLibrary(AOTCodeLibrary):
    """LLVM's module of a function, which is left as numba writes it until it is part of a kernel."""

    def _optimize_functions(self, ll_module):
        """Leave it to ``object_code``, for LLVM does all of it there."""
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        """Leave it to ``object_code``: a function is optimised in the kernel that calls it."""

    def get_pointer_to_function(self, _name):
        """Return 0: nothing is executable here."""
        return 0

    @global_compiler_lock
    def object_code(self):
        """Optimise the kernel with all that it calls, and return its object code."""
        self._ensure_finalized()
        super()._optimize_final_module()
        return self._codegen._tm.emit_object(self._final_module)


class KernelCodegen(JITCPUCodegen):
    """Code for this processor that is not linked here."""

    _library_class = KernelLibrary

    def _customize_tm_features(self):
        """Return this processor's features, and with AVX-512 a preference for whole vectors of it.

        LLVM prefers 256 bits on Intel's, so that the clock is not lowered; OpenBLAS beside the kernels does it anyway.
        """
        features = super()._customize_tm_features()
        return f"{features},-prefer-256-bit" if "+avx512f" in features and not config.CPU_FEATURES else features

    def _add_module(self, module):
        """Leave it out of what numba can call."""

    def set_env(self, env_name, env):
        """Leave it out: kernels know no Python."""


@cache
def codegen():
    """Return the generator of all kernels' code."""
    return KernelCodegen("chainrule")


class KernelCompiler(CompilerBase):
    """A compiler whose results are libraries of ours."""

    def define_pipelines(self):
        """Return numba's passes, and let them write into a library of ours."""
        self.state.library = codegen().create_library(self.state.func_id.func_qualname)
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]
