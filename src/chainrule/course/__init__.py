"""The course: starters handed out, submissions checked and graded, mistakes counted."""
