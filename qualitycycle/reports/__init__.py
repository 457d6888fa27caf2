"""What leaves on paper: content in, a file out."""
