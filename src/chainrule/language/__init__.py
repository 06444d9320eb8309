"""Language: what a student is told when homework is judged, said in the language of the course."""
