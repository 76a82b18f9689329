"""Talks to an editor: a language server over its unsaved buffers, without a decision of its own."""
