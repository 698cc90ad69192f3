// A merge sort by tasks, for C++: `both(f, g)` runs two closures as tasks and waits. The keys are those of
// ../kernels/src/keys.rs.
#pragma once
#include "contest.h"
#include <algorithm>
#include <vector>

enum { KEYS = 8000000, RUN = 1 << 20, MERGE = 1 << 17 };

inline std::vector<uint32_t> make_keys() {
    std::vector<uint32_t> keys(KEYS);
    uint64_t s = 1;
    for (auto &k : keys) {
        s = s * 6364136223846793005u + 1442695040888963407u;
        k = (uint32_t)(s >> 32);
    }
    return keys;
}

// Merges two sorted parts: the longer is halved, the other cut where the middle belongs.
template <class Both>
void merge(const Both &both, const uint32_t *a, const uint32_t *a_end, const uint32_t *b, const uint32_t *b_end,
           uint32_t *to) {
    if (a_end - a < b_end - b) std::swap(a, b), std::swap(a_end, b_end);
    if (a_end - a + b_end - b <= MERGE) {
        std::merge(a, a_end, b, b_end, to);
        return;
    }
    const uint32_t *m = a + (a_end - a) / 2, *n = std::lower_bound(b, b_end, *m);
    both([=, &both] { merge(both, a, m, b, n, to); }, [=, &both] { merge(both, m, a_end, n, b_end, to + (m - a) + (n - b)); });
}
// Sorts `v`; the result is in `v`, or in `other` if `into_other`.
template <class Both>
void merge_sort(const Both &both, uint32_t *v, uint32_t *other, long n, bool into_other) {
    if (n <= RUN) {
        std::sort(v, v + n);
        if (into_other) std::copy(v, v + n, other);
        return;
    }
    long h = n / 2;
    both([=, &both] { merge_sort(both, v, other, h, !into_other); },
         [=, &both] { merge_sort(both, v + h, other + h, n - h, !into_other); });
    uint32_t *from = into_other ? v : other, *to = into_other ? other : v;
    merge(both, from, from + h, from + h, from + n, to);
}

// `n` sorts of the same keys by `sort(keys, as many other places)`, timed without the copying; checked once.
template <class Sort>
double sorts(long n, const Sort &sort) {
    static const std::vector<uint32_t> keys = make_keys();
    static std::vector<uint32_t> v, other(KEYS), expected;
    double took = 0;
    for (long k = 0; k < n; k++) {
        v = keys;
        double start = now();
        sort(v.data(), other.data());
        took += now() - start;
    }
    if (expected.empty()) {
        expected = keys;
        std::sort(expected.begin(), expected.end());
    }
    if (v != expected) abort();
    return took;
}
