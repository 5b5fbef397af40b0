/* HTTP on loopback (reliability: what the page may do). Only 127.0.0.1 is listened on; the Host header must name it, so that no page
 * of another site reaches it through a name of its own; a secret of 128 bits is part of every path; only GET and HEAD; requests of at
 * most 8 KiB; 1,024 connections; a connection whose request is not whole within 5 seconds is cut. The only file that sees
 * libmicrohttpd. */
#include "cli/serve.h"
#include "common/text.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_CONNECTIONS = 1024,
    SPARE_FILES = 64,
    REQUEST_BYTES = 8192,
    IDLE_S = 5,
    SOLVE_S = 600,
    BACKLOG = 1024
};
enum { TOKEN_BYTES = 16, TOKEN_CHARS = 32 };

/* A connection whose request has not come yet. */
struct guest {
    int socket; /* -1: none */
    time_t since;
};

struct serve {
    struct MHD_Daemon *daemon;
    struct serve_settings settings;
    unsigned port;
    char token[TOKEN_CHARS + 1];
    const char *url;
    pthread_mutex_t mutex; /* of guests */
    struct guest guests[MOST_CONNECTIONS];
};

static time_t now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static int socket_of(struct MHD_Connection *c)
{
    return MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static void guest_set(struct serve *s, int socket, bool waits)
{
    pthread_mutex_lock(&s->mutex);
    size_t free_place = MOST_CONNECTIONS, place = MOST_CONNECTIONS;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        if (s->guests[i].socket == socket) place = i;
        if (s->guests[i].socket < 0) free_place = i;
    }
    if (place == MOST_CONNECTIONS) place = free_place;
    if (place < MOST_CONNECTIONS) {
        const struct guest guest = {waits ? socket : -1, now_s()};
        s->guests[place] = guest;
    }
    pthread_mutex_unlock(&s->mutex);
}

static void connection_changed(void *context, struct MHD_Connection *c, void **socket_context,
                               enum MHD_ConnectionNotificationCode code)
{
    (void)socket_context;
    guest_set(context, socket_of(c), code == MHD_CONNECTION_NOTIFY_STARTED);
}

/* Cuts those that send their request byte by byte. */
static void slow_cut(struct serve *s)
{
    const time_t now = now_s();
    pthread_mutex_lock(&s->mutex);
    for (size_t i = 0; i < MOST_CONNECTIONS; i++)
        if (s->guests[i].socket >= 0 && now - s->guests[i].since > IDLE_S)
            (void)shutdown(s->guests[i].socket, SHUT_RDWR);
    pthread_mutex_unlock(&s->mutex);
}

/* ---- requests ---- */

static bool host_fits(const struct serve *s, const char *host)
{
    char own[2][32];
    if (!host) return false;
    snprintf(own[0], sizeof own[0], "127.0.0.1:%u", s->port);
    snprintf(own[1], sizeof own[1], "localhost:%u", s->port);
    return strcmp(host, own[0]) == 0 || strcmp(host, own[1]) == 0;
}

/* Takes as long for every wrong secret. */
static bool token_fits(const struct serve *s, const char *text)
{
    unsigned different = 0;
    for (size_t i = 0; i < TOKEN_CHARS; i++) {
        if (!text[i]) return false;
        different |= (unsigned char)text[i] ^ (unsigned char)s->token[i];
    }
    return different == 0 && text[TOKEN_CHARS] == '/';
}

static const char *query_value(const struct serve_query *q, const char *name)
{
    return MHD_lookup_connection_value(q->connection, MHD_GET_ARGUMENT_KIND, name);
}

static struct serve_answer refusal(unsigned status, const char *why)
{
    return (struct serve_answer){status, "text/plain; charset=utf-8", why, strlen(why)};
}

static struct serve_answer request_answer(const struct serve *s, struct MHD_Connection *c,
                                          const char *url, const char *method, struct arena *a)
{
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    if (!host_fits(s, host)) return refusal(MHD_HTTP_MISDIRECTED_REQUEST, "another host\n");
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return refusal(MHD_HTTP_METHOD_NOT_ALLOWED, "GET only\n");
    if (url[0] != '/' || !token_fits(s, url + 1)) return refusal(MHD_HTTP_NOT_FOUND, "not here\n");
    const struct serve_query q = {url + 2 + TOKEN_CHARS, query_value, c};
    struct serve_answer found = {0};
    s->settings.answer(&found, &q, s->settings.context, a);
    return found;
}

static enum MHD_Result answer_send(struct MHD_Connection *c, const struct serve_answer *answer)
{
    static const char *const headers[][2] = {
        {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    struct MHD_Response *r =
        MHD_create_response_from_buffer(answer->bytes, (void *)answer->body, MHD_RESPMEM_MUST_COPY);
    if (!r) return MHD_NO;
    (void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        (void)MHD_add_response_header(r, headers[i][0], headers[i][1]);
    if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE)
        (void)MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, "2");
    const enum MHD_Result sent = MHD_queue_response(c, answer->status, r);
    MHD_destroy_response(r);
    return sent;
}

/* Called when the headers are whole: from here on the request is ours, and may take as long as a plan takes. */
/* NOLINTBEGIN(readability-function-size,readability-non-const-parameter): what the library calls */
static enum MHD_Result request_take(void *context, struct MHD_Connection *c, const char *url,
                                    const char *method, const char *version, const char *upload,
                                    size_t *upload_bytes, void **request)
{
    (void)version;
    (void)upload;
    (void)request;
    struct serve *s = context;
    if (*upload_bytes > 0) return MHD_NO;
    guest_set(s, socket_of(c), false);
    (void)MHD_set_connection_option(c, MHD_CONNECTION_OPTION_TIMEOUT, (unsigned)SOLVE_S);
    struct arena *a = arena_new();
    const struct serve_answer answer = request_answer(s, c, url, method, a);
    const enum MHD_Result sent = answer_send(c, &answer);
    arena_free(a);
    return sent;
}
/* NOLINTEND(readability-function-size,readability-non-const-parameter) */

/* ---- start and end ---- */

static bool token_make(struct serve *s)
{
    unsigned char bytes[TOKEN_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) return false;
    for (size_t i = 0; i < sizeof bytes; i++) snprintf(s->token + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

/* Each connection is an open file. */
static void files_allow(void)
{
    struct rlimit limit;
    const rlim_t wanted = MOST_CONNECTIONS + SPARE_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void serve_release(void *object)
{
    struct serve *s = object;
    if (s->daemon) MHD_stop_daemon(s->daemon);
    s->daemon = NULL;
    pthread_mutex_destroy(&s->mutex);
}

static bool daemon_start(struct serve *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)s->settings.port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    s->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
        NULL, request_take, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOST_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)BACKLOG, MHD_OPTION_NOTIFY_CONNECTION,
        connection_changed, s, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!s->daemon) return false;
    s->port = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
}

enum err serve_start(struct serve **out, const struct serve_settings *settings, struct arena *a,
                     struct diag *d)
{
    struct serve *s = ARENA_NEW(a, struct serve, 1);
    s->settings = *settings;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) s->guests[i].socket = -1;
    pthread_mutex_init(&s->mutex, NULL);
    files_allow();
    arena_defer(a, serve_release, s);
    if (!token_make(s) || !daemon_start(s)) {
        const enum err code = diag_error(d, ERR_SERVE, (struct place){0},
                                         _("port %u of 127.0.0.1 cannot be had"), settings->port);
        diag_fix(d, "%s", _("choose another with --port, or leave it out for any that is free"));
        return code;
    }
    s->url = arena_printf(a, "http://127.0.0.1:%u/%s/", s->port, s->token);
    *out = s;
    return OK;
}

const char *serve_url(const struct serve *s)
{
    return s->url;
}

void serve_wait(struct serve *s)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    while (!*s->settings.stop) {
        (void)nanosleep(&moment, NULL);
        slow_cut(s);
    }
    MHD_stop_daemon(s->daemon);
    s->daemon = NULL;
}
