// The text of an error is compared.
package rules

func found(err error) bool {
	return err.Error() == "not found"
	//     ^^^^^^^^^^^^^^^^^^^^^^^^^^ error-text-comparison
}

// The error itself, and another method.
func notFound(err error, name Name) bool {
	return errors.Is(err, ErrNotFound) || name.String() == "a"
}
