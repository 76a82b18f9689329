"""Public modules that make roles from inputs: which input becomes which part of a trust policy."""
