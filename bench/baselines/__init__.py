"""What completes without the engine: plain copying and an n-gram cache, both made here and from nothing of ours."""
