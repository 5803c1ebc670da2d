// An error is looked at and ignored.
package rules

func found(err error) {
	work()
	if err != nil {}
//	^^ empty-branch
}

// A comment that says why, and an else.
func notFound(err error) {
	if err != nil {
		// The file is optional.
	}
	if err != nil {
	} else {
		work()
	}
}
