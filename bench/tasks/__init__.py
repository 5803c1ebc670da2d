"""Task sets: lines of code of many projects with one of them, or its rest, hidden."""
