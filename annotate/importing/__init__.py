"""Reading files of items: readers give rows, mappings give them our shape, `rows` checks them."""
