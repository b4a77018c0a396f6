/* The one table of channels: symbol, number, name, lane, age cap in microseconds, cap of tries (0:
 * none).
 * No include guard: included with CHANNEL defined. */
/* Destroying a key is a promise: it is tried until it has happened. */
CHANNEL(KEY_DESTROY, 1, "key-destroy", STORE, 0, 0)
/* The sealed file of an attachment whose key is destroyed; arg: the entry that attached it. */
CHANNEL(FILE_REMOVE, 2, "file-remove", STORE, 0, 0)
/* A mail about a step of a case; arg: 0 to its reporter, else the entry by which a follower joined. No
 * address stands here: it is looked up and opened when the mail is sent. Three days; with pauses of
 * at most ten minutes that is about 440 tries. */
CHANNEL(MAIL, 3, "mail", MAIL, INT64_C(259200000000), 450)
