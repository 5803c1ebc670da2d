// The counter grows after Wait may have looked at it.
package rules

func found(wg *sync.WaitGroup) {
	go func() {
		wg.Add(1)
	//	^^^^^^^^^ late-wait-group-add
		defer wg.Done()
	}()
}

// The counter grows first.
func notFound(wg *sync.WaitGroup) {
	wg.Add(1)
	go func() {
		defer wg.Done()
	}()
}
