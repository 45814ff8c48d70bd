"""Writers of found records in formats that other programs read: values in, text or bytes out."""
