"""Documents: blocks of text, mathematics, tables and pictures, written as Markdown, LaTeX, HTML or plain text."""
