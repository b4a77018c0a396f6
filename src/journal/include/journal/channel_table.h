/* The one table of channels: symbol, number, name, age cap in microseconds, cap of tries (0: none).
 * No include guard: included with CHANNEL defined. */
/* Destroying a key is a promise: it is tried until it has happened. */
CHANNEL(KEY_DESTROY, 1, "key-destroy", 0, 0)
/* The sealed file of an attachment whose key is destroyed; arg: the entry that attached it. */
CHANNEL(FILE_REMOVE, 2, "file-remove", 0, 0)
