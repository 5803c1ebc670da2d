#include <stdio.h>
#include "units/length.h"

#define DEFAULT_SIDES 4
#define SQUARE(x) ((x) * (x))

/* A closed shape. */
struct polygon {
    int sides;
    struct point *points;
};

typedef struct polygon polygon_t;

enum color { RED, GREEN };

static int counter = 0;

int area(const struct polygon *shape);

/**
 * Area in square meters.
 */
int area(const struct polygon *shape)
{
    int total = 0;
    for (int i = 0; i < shape->sides; i++)
        total += SQUARE(i);
    return total;
}

static char *name(void)
{
    return "polygon";
}
