"""What is measured and said, as types: results, rubric and policy, errors, and what an analyzer sees."""

import lazy_loader

# `__init__.pyi` names them. Loaded when asked for: the children that read recordings need few of them, and start often.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
