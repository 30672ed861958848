"""Every write of the hotline channel: `importing` takes and maps files, `loading` brings rows in, `exporting` asks, `writing` writes."""
