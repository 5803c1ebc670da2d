// A verb, but no argument.
package rules

import "fmt"

func found() error {
	fmt.Printf("%d items\n")
	// <- format-argument-missing
	return fmt.Errorf("no %s")
	//     ^^^^^^^^^^^^^^^^^^^ format-argument-missing
}

// Arguments, no verbs, and a percent sign.
func notFound(args ...any) string {
	fmt.Printf("%d items\n", 1)
	return fmt.Sprintf("100%%") + fmt.Sprintf("%d", args...)
}
