/* Vendor files that can be imported: one line each, import_<name>.c. */
IMPORT_FORMAT(spot_history)
IMPORT_FORMAT(spot_advice)
IMPORT_FORMAT(price)
IMPORT_FORMAT(instance_types)
IMPORT_FORMAT(stock)
IMPORT_FORMAT(price_list)
IMPORT_FORMAT(price_server)
