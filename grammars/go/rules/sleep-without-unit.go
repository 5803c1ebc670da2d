// Five nanoseconds.
package rules

import "time"

func found() {
	time.Sleep(5)
	//         ^ sleep-without-unit
	// => time.Sleep(5 * time.Second)
}

// A unit, a variable, and a yield to other goroutines.
func notFound(pause time.Duration) {
	time.Sleep(5 * time.Second)
	time.Sleep(pause)
	time.Sleep(0)
}
