//! Annotated regions against sequential twins.

use phalanx::prelude::*;

const TEAMS: [usize; 5] = [1, 2, 3, 4, 8];

#[omp]
fn jacobi(a: &mut Grid2<f64>, b: &mut Grid2<f64>, tolerance: f64, n: usize) -> usize {
    let (rows, cols) = a.shape();
    let mut sweeps = 0;
    #[parallel(num_threads(n), proc_bind(spread), shared(a, b), reduction(max: sweeps))]
    {
        loop {
            #[for_each(schedule(static), reads(a), disjoint(b))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
                }
            }
            let mut change = 0.0; // of this sweep: each thread gets the maximum of all
            #[for_each(schedule(static), reads(b), disjoint(a), reduction(max: change))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    let next = 0.25 * (b[i - 1][j] + b[i + 1][j] + b[i][j - 1] + b[i][j + 1]);
                    change = change.max((next - a[i][j]).abs());
                    a[i][j] = next;
                }
            }
            sweeps += 2;
            if change <= tolerance {
                break;
            }
        }
    }
    sweeps
}

/// The largest change of all sweeps: `change` is shared, and each reduction begins with what is there.
#[omp]
fn largest_change(a: &mut Grid2<f64>, b: &mut Grid2<f64>, steps: usize, n: usize) -> f64 {
    let (rows, cols) = a.shape();
    let mut change = 0.0;
    #[parallel(num_threads(n), proc_bind(spread), shared(a, b, change))]
    {
        for _ in 0..steps {
            #[for_each(schedule(static), reads(a), disjoint(b))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
                }
            }
            #[for_each(schedule(static), reads(b), disjoint(a), reduction(max: change))]
            for i in 1..rows - 1 {
                for j in 1..cols - 1 {
                    let next = 0.25 * (b[i - 1][j] + b[i + 1][j] + b[i][j - 1] + b[i][j + 1]);
                    change = change.max((next - a[i][j]).abs());
                    a[i][j] = next;
                }
            }
        }
    }
    change
}

#[test]
fn the_front_page_example() {
    let start = Grid2::from_fn(Static, 17, 23, |i, j| ((i * 31 + j * 17) % 10) as f64);
    let (mut c, mut d) = (start.clone(), start.clone());
    let (mut wanted, mut last) = (0.0f64, 0.0);
    for _ in 0..5 {
        last = 0.0f64;
        for i in 1..16 {
            for j in 1..22 {
                d[i][j] = 0.25 * (c[i - 1][j] + c[i + 1][j] + c[i][j - 1] + c[i][j + 1]);
            }
        }
        for i in 1..16 {
            for j in 1..22 {
                let next = 0.25 * (d[i - 1][j] + d[i + 1][j] + d[i][j - 1] + d[i][j + 1]);
                last = last.max((next - c[i][j]).abs());
                c[i][j] = next;
            }
        }
        wanted = wanted.max(last);
    }
    for n in TEAMS {
        let (mut a, mut b) = (start.clone(), start.clone());
        assert_eq!(largest_change(&mut a, &mut b, 5, n), wanted, "{n} threads");
        assert_eq!(a.as_slice(), c.as_slice(), "{n} threads");
        let (mut a, mut b) = (start.clone(), start.clone());
        // Changes become smaller, so none before was as small.
        assert_eq!(jacobi(&mut a, &mut b, last, n), 10, "{n} threads");
        assert_eq!(a.as_slice(), c.as_slice(), "{n} threads");
    }
}

#[omp]
fn constructs(n: usize) -> (Vec<u64>, u64, u64, u64, u64) {
    let (mut a, mut b) = (vec![0u64; 100], vec![1u64; 100]);
    let (mut total, mut chosen) = (0u64, 0u64);
    let count = Critical::new(0u64);
    let base = 5u64;
    let mut seen = 0u64;
    #[parallel(num_threads(n), shared(a, b, total, chosen, seen), firstprivate(base))]
    {
        let mut mine = 0;
        base += 1;
        #[for_each(schedule(dynamic, 3), disjoint(a))]
        for i in 0..100usize {
            a[i] = i as u64 + base;
            mine += 1;
        }
        #[for_each(reads(a), disjoint(b), reduction(+: total))]
        for i in 1..99usize {
            b[i] = a[i - 1] + a[i + 1];
            total += b[i];
        }
        let first = #[single(writes(chosen), reads(b))]
        {
            *chosen = b[1];
            b[2]
        };
        barrier!();
        #[masked(writes(seen))]
        {
            *seen += first;
        }
        #[critical(count)]
        {
            *count += mine;
        }
        #[sections]
        {
            #[section(writes(a))]
            {
                a[0] = 1000;
            }
            #[section(writes(b), reads(chosen))]
            {
                b[0] = 2000 + *chosen;
            }
        }
        let mut own = 10u64;
        #[for_each(schedule(guided), reduction(+: own))]
        for i in 0..=10u64 {
            own += i;
        }
        assert_eq!(own, 65, "on every thread");
        let mut cells = Grid2::filled(3, 4, 0);
        #[for_each(collapse(2), reduction(+: own))]
        for i in 0..3usize {
            for j in 0..4usize {
                own += (i * j) as u64;
            }
        }
        cells[0][0] = own;
        assert_eq!(cells[0][0], 83);
    }
    (a, b[0], total, count.into_inner(), seen)
}

#[test]
fn every_construct_once() {
    for n in TEAMS {
        let (a, b0, total, count, seen) = constructs(n);
        assert_eq!((a[0], a[99], b0), (1000, 105, 2014), "{n} threads");
        // b[i] = 2 (i + 6)
        assert_eq!(total, (1..99).map(|i| 2 * (i + 6)).sum::<u64>());
        assert_eq!((count, seen), (100, 16));
    }
}

#[omp]
fn scale(cx: &mut Ctx, a: &mut View<f64>, by: f64) -> f64 {
    #[for_each(disjoint(a))]
    for i in 0..a.len() {
        a[i] *= by;
    }
    barrier!();
    let mut sum = 0.0;
    #[for_each(reads(a), reduction(+: sum))]
    for i in 0..a.len() {
        sum += a[i];
    }
    sum
}

#[test]
fn orphaned_constructs() {
    for n in TEAMS {
        let mut a = vec![1.0; 50];
        region(Options::new().num_threads(n), &mut a, |cx, mut a| {
            assert_eq!(scale(cx, &mut a, 3.0), 150.0);
            assert_eq!(scale(cx, &mut a, 2.0), 300.0);
        });
        assert_eq!(a[49], 6.0);
    }
}

#[omp]
fn cells(n: usize) -> (Grid2<u64>, Grid3<u64>) {
    let (mut g, mut h) = (Grid2::filled(5, 7, 0), Grid3::filled([3, 4, 5], 0));
    #[parallel(num_threads(n), shared(g, h))]
    {
        #[for_each(collapse(2), disjoint(g), schedule(dynamic, 4))]
        for i in 0..5usize {
            for j in 0..7usize {
                g[i][j] = (10 * i + j) as u64;
            }
        }
        #[for_each(disjoint(h), reads(g))]
        for i in 0..3usize {
            for j in 0..4usize {
                for k in 0..5usize {
                    h[[i, j]][k] = g[i][j] * 10 + k as u64;
                }
            }
        }
        #[for_each(schedule(static, 1))]
        for row in g.rows_mut() {
            row[0] += 1000;
        }
    }
    (g, h)
}

#[test]
fn grids_by_rows_cells_and_planes() {
    for n in TEAMS {
        let (g, h) = cells(n);
        assert_eq!((g[4][6], g[3][0], h[[2, 3, 4]]), (46, 1030, 234));
    }
}

#[omp]
fn without_waiting(n: usize) -> (Vec<u64>, Vec<u64>, u64) {
    let (mut a, mut b, mut c) = (vec![0u64; 50], vec![0u64; 70], 0u64);
    let x = vec![3u64; 70];
    #[parallel(num_threads(n), shared(a, b, c))]
    {
        let mut mine = 0;
        #[nowait]
        {
            #[for_each(schedule(dynamic, 4), disjoint(a))]
            for i in 0..50usize {
                a[i] = x[i] + i as u64;
                mine += 1;
            }
            #[for_each(disjoint(b))]
            for i in 0..70usize {
                b[i] = x[i];
            }
            #[single(writes(c))]
            {
                *c += 1;
            }
        }
        #[for_each(reads(b), disjoint(a), reduction(+: mine))]
        for i in 0..50usize {
            a[i] += b[i + 20];
            mine += 0;
        }
    }
    (a, b, c)
}

#[test]
fn loops_that_do_not_wait() {
    for n in TEAMS {
        let (a, b, c) = without_waiting(n);
        assert_eq!((a[0], a[49], b[69], c), (6, 55, 3, 1), "{n} threads");
    }
}

#[omp]
fn scattered(
    y: &mut [f64],
    x: &[f64],
    g: &mut Grid2<f64>,
    (sites, owners): (&Scatter<'_, u32>, &Owners),
    n: usize,
) -> f64 {
    let mut sum = 0.0;
    #[parallel_for(num_threads(n), reduction(+: sum))]
    for (y, x) in (y.scatter(sites), x) {
        *y += x;
        sum += *y;
    }
    #[parallel_for(schedule(dynamic, 2), num_threads(n))]
    for (i, y) in y.scatter(sites).enumerate() {
        *y *= i as f64;
    }
    #[parallel_for(num_threads(n))]
    for mut rows in g.owned(owners) {
        let i = rows.iteration();
        rows[2 * i][0] = rows[7][1];
    }
    #[parallel(num_threads(n), shared(y, g, sum))]
    {
        #[for_each(reduction(+: sum))]
        for (i, y) in (0..x.len(), y.scatter(sites)) {
            *y += x[i];
            sum += *y;
        }
        #[for_each(schedule(guided))]
        for (i, mut rows) in g.owned(owners).enumerate() {
            rows[2 * i][2] += rows[2 * i][0] + rows[5][1];
        }
        #[nowait]
        {
            #[for_each]
            for y in y.scatter(sites) {
                *y += 1.0;
            }
            #[for_each(schedule(dynamic))]
            for mut rows in g.owned(owners) {
                let i = rows.iteration();
                rows[2 * i][1] = i as f64;
            }
        }
    }
    sum
}

#[test]
fn loops_over_tables() {
    let index: Vec<u32> = (0..30).map(|i| i * 7 % 30 * 2).collect();
    let x: Vec<f64> = (0..30).map(f64::from).collect();
    let sites = Scatter::new(&index, 0, 60).unwrap();
    let owners = Owners::new(8, 4, |i| [2 * i]).unwrap();
    let start = Grid2::from_fn(Static, 8, 3, |i, j| (10 * i + j) as f64);
    for n in TEAMS {
        let (mut y, mut g) = (vec![1.0; 61], start.clone());
        let sum = scattered(&mut y, &x, &mut g, (&sites, &owners), n);
        let (mut twin, mut wanted) = (vec![1.0; 61], 0.0);
        for (i, &at) in index.iter().enumerate() {
            let y: &mut f64 = &mut twin[at as usize];
            *y += x[i];
            wanted += *y;
            *y = *y * i as f64 + x[i];
            wanted += *y;
            *y += 1.0;
        }
        assert_eq!((y, sum), (twin, wanted), "{n} threads");
        for i in 0..4 {
            let row = [71.0, i as f64, start[2 * i][2] + 71.0 + 51.0];
            assert_eq!(g[2 * i], row, "{n} threads");
            assert_eq!(g[2 * i + 1], start[2 * i + 1]);
        }
    }
}
