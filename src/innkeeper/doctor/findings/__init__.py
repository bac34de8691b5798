"""What the doctor looks at: one module an area, each with its `CHECKS`; `innkeeper.doctor.areas` lists them."""
