(function_declaration name: [(identifier) @name (_ (identifier) @name .)] parameters: (_) @parameters) @documented
(parameters name: (identifier) @parameter)
