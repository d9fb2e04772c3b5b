"""What the processor can run. Private: use rnnlib_py.build_info()."""

def supported_isas() -> list[str]:
    """Names of the engine's builds that this processor can run, the best last."""
