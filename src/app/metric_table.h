/* The one table of figures for whoever watches the program: symbol, type, name (Prometheus: after
 * "liren_", with its unit), what it tells. metrics.c has a function put_SYMBOL for each;
 * docs/metrics.md lists them. Labels are words of the program alone, never of a request. No include
 * guard. */
METRIC(commands, counter, "commands_total",
       "Commands answered by the one writer, by kind and result.")
METRIC(groups, counter, "groups_total", "Groups of commands that were committed.")
METRIC(queue, gauge, "queue_commands", "Commands that wait for the writer now.")
METRIC(wal, counter, "wal_bytes_total", "Bytes written to the write-ahead log of the store.")
METRIC(commit, histogram, "commit_seconds", "How long the COMMIT of a group took.")
METRIC(writer_ok, gauge, "writer_ok", "1 while commands are taken.")
METRIC(timers_late, gauge, "timers_late_cases",
       "Open cases whose timer should have looked 5 s ago.")
METRIC(timers_stuck, gauge, "timers_stuck_cases", "Cases that the timer passes over; see doctor.")
METRIC(open, gauge, "open_cases", "Open cases, drills apart.")
METRIC(overdue, gauge, "overdue_cases", "Of these, past their deadline.")
METRIC(due_soon, gauge, "due_soon_cases", "Of these, due within half an hour.")
METRIC(requests, counter, "requests_total", "Requests answered, by class and class of status.")
METRIC(request, histogram, "request_seconds", "From a request's header to its end, by class.")
METRIC(connections, gauge, "http_connections", "Connections open, streams apart.")
METRIC(late, counter, "http_late_total", "Connections closed at a deadline.")
METRIC(turned_away, counter, "http_turned_away_total",
       "Connections refused: too many of one address.")
METRIC(streams, gauge, "streams", "Streams of live changes that are open.")
METRIC(streams_waiting, gauge, "streams_waiting", "Of these, slow to take what was written.")
METRIC(streams_taken, counter, "streams_taken_total", "Streams that were opened.")
METRIC(streams_refused, counter, "streams_refused_total", "Streams refused over a cap.")
METRIC(streams_slow, counter, "streams_slow_closed_total",
       "Streams closed because nothing was taken.")
METRIC(stream_kinds, gauge, "stream_viewers", "Kinds of viewers that look on.")
METRIC(feed_changes, counter, "feed_changes_total", "Changes of cases that the feed took in.")
METRIC(feed_blocks, counter, "feed_blocks_total", "Blocks of events that were made.")
METRIC(feed_alerts, counter, "feed_alerts_total", "Changes that did not wait to be gathered.")
METRIC(feed_resets, counter, "feed_resets_total", "Streams told to load anew.")
METRIC(outbox, gauge, "outbox_effects", "Effects in the outbox, by channel and state.")
METRIC(outbox_age, gauge, "outbox_oldest_seconds",
       "Age of the oldest effect that waits, by channel.")
METRIC(outbox_ended, counter, "outbox_ended_total",
       "Effects that are over, by channel and how they ended, where that is counted.")
METRIC(key_copy, gauge, "key_copy_synced_seconds",
       "When the copy of the keys was last brought up to date (Unix time); 0: never.")
METRIC(log_dropped, counter, "log_dropped_lines_total", "Lines of the log that nobody took.")
METRIC(memory, gauge, "process_resident_bytes", "Memory of the process.")
METRIC(cpu, counter, "process_cpu_seconds_total", "Time on a processor.")
