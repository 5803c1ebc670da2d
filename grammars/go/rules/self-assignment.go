// The same name on both sides.
package rules

func found(size int) {
	size = size
//	^^^^^^^^^^^ self-assignment
}

// A copy of its own for each round, a field, and a change.
func notFound(box Box, size int) {
	size := size
	box.size = size
	size += size
}
