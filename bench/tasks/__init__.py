"""Task sets: lines of code of many projects with one of them, or its rest, hidden.

How they are made:

- `packages.toml` lists source packages of four registries, seven projects of Python and seven of Java, TypeScript, Go
  and C# in each of two halves. No project is in both. What is tuned is tuned on the development half; the test half
  is looked at when the engine is frozen, and Django and SymPy, on which it was tuned in the beginning, are in
  neither.
- `fetch.py` gets them with the registries' own clients (pip, npm, mvn, go) into the user's cache folder and refuses
  an archive with another digest. Only the folder with the sources is kept where a package ships what was made of
  them.
- `load.py` draws files by their size, and in each a random line of code (`code.py`: not blank, not only a comment,
  not in documentation or another string of several lines, at most 200 characters, not in a file that says it is
  generated). Every other task hides the whole line but for its indentation; the others cut it at a random place
  inside its code, inside of words too, and hide the rest. What stands above and below stays. 150 of each kind per
  project, the same on every machine.
- `digests.toml` holds what the tasks of the test half come to. They were committed before tuning; `load` refuses
  others.
- `answer.py` judges: exact is the whole line, trailing blanks aside and nothing added below; similarity is one less
  the edit distance over the longer length of what was hidden and what was offered, 0 for silence; precision at a
  coverage counts the surest answers, so many that they are that share of all tasks, and takes silence for wrong.
- `served.py` asks a server over stdio, `embedded.py` the engine in this process.
"""
