"""What the doctor can repair: one module a kind of state; `innkeeper.doctor.repairs.KINDS` lists them."""
