// Each round leaves one file open.
package rules

func found(files []File) {
	for _, file := range files {
		defer file.Close()
	//	^^^^^ defer-in-loop
	}
}

// A function for each round, and a call outside of any loop.
func notFound(files []File) {
	defer done()
	for _, file := range files {
		func() {
			defer file.Close()
		}()
	}
}
