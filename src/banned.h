/* Functions that do not compile here: each has a bounded, locale-free or checked twin. Included
 * before everything else in every file of the project. */
#ifndef LIREN_BANNED_H
#define LIREN_BANNED_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* GLib names a parameter "signal"; its folder is seen only by what uses libvips. */
#if __has_include(<gio/gio.h>)
#include <gio/gio.h>
#endif

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof
#pragma GCC poison localtime gmtime ctime asctime rand srand drand48 setlocale system popen
#pragma GCC poison tmpnam mktemp signal

#endif
