/* The one table of channels: symbol, number, name, age cap in microseconds, cap of tries (0: none).
 * No include guard: included with CHANNEL defined. */
/* Destroying a key is a promise: it is tried until it has happened. */
CHANNEL(KEY_DESTROY, 1, "key-destroy", 0, 0)
