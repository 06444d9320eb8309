"""Object code made executable: linked into this process by LLVM, without numba."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.kernels.objects import Kernel

_engines: list[Any] = []  # whoever drops one frees its code


@cache
def llvm() -> Any:
    """Import LLVM, and let it know this machine."""
    from llvmlite import binding  # noqa: PLC0415  # some hundredths of a second, where kernels are used

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


def processor() -> str:
    """Describe what code is compiled for: a processor's name and features."""
    return f"{llvm().get_default_triple()} {llvm().get_host_cpu_name()} {llvm().get_host_cpu_features().flatten()}"


def link(kernel: Kernel) -> int | None:
    """Return the address of a kernel; None where a function that it calls is not in this process.

    Each has an engine of its own, so that no two symbols meet.
    """
    binding = llvm()
    machine = binding.Target.from_default_triple().create_target_machine()
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    if any(binding.address_of_symbol(name) is None for name in kernel.needs):  # at which MCJIT would end the process
        return None
    engine.add_object_file(binding.ObjectFileRef.from_data(kernel.code))
    engine.finalize_object()
    _engines.append(engine)
    return int(engine.get_function_address(kernel.symbol)) or None
