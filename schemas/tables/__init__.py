"""Table definitions; only services.store and the migrations look at them."""
