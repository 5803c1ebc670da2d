"""The only place with wiring: reads settings, makes every object, and passes it down."""
