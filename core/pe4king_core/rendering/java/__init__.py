"""Java source: test methods, shared methods, REST Assured chains."""
