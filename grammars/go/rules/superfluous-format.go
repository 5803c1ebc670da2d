// A text without verbs.
package rules

import "fmt"

func found() string {
	return fmt.Sprintf("items")
	//     ^^^^^^^^^^^^^^^^^^^^ superfluous-format
	// => return "items"
}

// A verb, an escaped percent sign, and a text that is not known.
func notFound(text string) string {
	return fmt.Sprintf("%d", 1) + fmt.Sprintf("100%%") + fmt.Sprintf(text)
}
