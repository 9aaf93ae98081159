"""What analyzers stand on: model files, the sandbox, memory, how a language model is called."""
