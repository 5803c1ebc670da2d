"""What a person sees in the editor, as plain data in and out."""
