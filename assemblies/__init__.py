"""The life of an assembly, from a body and its seats to mandates, sittings and pay."""
