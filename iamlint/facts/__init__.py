"""The facts rules speak of: computed from the meaning of a policy when a rule first asks."""
