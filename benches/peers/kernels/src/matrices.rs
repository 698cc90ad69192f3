//! Tiles for the rows that factor matrices: sparse LU and Cholesky. `../c/matrices.h` is the same in C.

/// Rows and columns of blocks of `sparselu_50x50`, of which many are empty; some are filled on the way.
pub const BLOCKS: usize = 50;
/// Rows and columns of a block.
pub const SIDE: usize = 16;
/// Rows of tiles of `cholesky_depend`: 5984 tasks.
pub const TILES: usize = 32;
/// Rows and columns of a tile.
pub const TILE: usize = 24;

pub type Block = [[f32; SIDE]; SIDE];
/// Blocks row after row.
pub type Blocks = Vec<Option<Box<Block>>>;
pub type Tile = [[f64; TILE]; TILE];

/// `c - a * b`, rounded once where the processor can, as C does unasked.
macro_rules! sub_mul {
    ($c:expr, $a:expr, $b:expr) => {
        if cfg!(target_feature = "fma") {
            (-$a).mul_add($b, $c)
        } else {
            $c - $a * $b
        }
    };
}

pub fn lu0(d: &mut Block) {
    for k in 0..SIDE {
        let top = d[k];
        for row in &mut d[k + 1..] {
            row[k] /= top[k];
            for j in k + 1..SIDE {
                row[j] = sub_mul!(row[j], row[k], top[j]);
            }
        }
    }
}

/// The block right of the diagonal.
pub fn forward(d: &Block, right: &mut Block) {
    for k in 0..SIDE {
        let top = right[k];
        for i in k + 1..SIDE {
            for j in 0..SIDE {
                right[i][j] = sub_mul!(right[i][j], d[i][k], top[j]);
            }
        }
    }
}

/// The block below it.
pub fn divide(d: &Block, below: &mut Block) {
    for row in below {
        for k in 0..SIDE {
            row[k] /= d[k][k];
            for j in k + 1..SIDE {
                row[j] = sub_mul!(row[j], row[k], d[k][j]);
            }
        }
    }
}

pub fn update(below: &Block, right: &Block, inner: &mut Block) {
    for i in 0..SIDE {
        let mut row = inner[i];
        for k in 0..SIDE {
            for j in 0..SIDE {
                row[j] = sub_mul!(row[j], below[i][k], right[k][j]);
            }
        }
        inner[i] = row;
    }
}

/// An empty block.
pub fn zero_block() -> Box<Block> {
    Box::new([[0.0; SIDE]; SIDE])
}

fn has_block(i: usize, j: usize) -> bool {
    i.abs_diff(j) <= 1 || ((i | j).is_multiple_of(2) && i.min(j).is_multiple_of(3))
}

/// The matrix before it is factored.
pub fn blocks() -> Blocks {
    let mut s = 1u32;
    let mut next = || {
        s = s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (s >> 8) as f32 / 16_777_216.0
    };
    let all = (0..BLOCKS * BLOCKS).map(|k| {
        let (i, j) = (k / BLOCKS, k % BLOCKS);
        has_block(i, j).then(|| {
            let mut b = zero_block();
            b.as_flattened_mut().iter_mut().for_each(|v| *v = next());
            if i == j {
                (0..SIDE).for_each(|p| b[p][p] += 1000.0);
            }
            b
        })
    });
    all.collect()
}

/// The blocks of step `k`: the diagonal one, those right of it, and the rows below.
pub fn step(a: &mut Blocks, k: usize) -> (&mut Block, &mut [Option<Box<Block>>], Rows<'_>) {
    let (top, below) = a[k * BLOCKS..].split_at_mut(BLOCKS);
    let (left, right) = top.split_at_mut(k + 1);
    let diagonal = left[k].as_mut().expect("the diagonal is full");
    (diagonal, right, below.chunks_mut(BLOCKS))
}
pub type Rows<'a> = std::slice::ChunksMut<'a, Option<Box<Block>>>;

pub fn lu(a: &mut Blocks) {
    for k in 0..BLOCKS {
        let (diagonal, right, below) = step(a, k);
        lu0(diagonal);
        right
            .iter_mut()
            .flatten()
            .for_each(|b| forward(diagonal, b));
        for row in below {
            let (left, inner) = row.split_at_mut(k + 1);
            let Some(first) = &mut left[k] else { continue };
            divide(diagonal, first);
            for (b, inner) in right.iter().zip(inner) {
                if let Some(b) = b {
                    update(first, b, inner.get_or_insert_with(zero_block));
                }
            }
        }
    }
}

fn transpose(a: &Tile) -> Tile {
    let mut t = [[0.0; TILE]; TILE];
    for i in 0..TILE {
        for j in 0..TILE {
            t[j][i] = a[i][j];
        }
    }
    t
}

pub fn potrf(a: &mut Tile) {
    for k in 0..TILE {
        a[k][k] = a[k][k].sqrt();
        for i in k + 1..TILE {
            a[i][k] /= a[k][k];
        }
        for i in k + 1..TILE {
            for j in k + 1..=i {
                a[i][j] = sub_mul!(a[i][j], a[i][k], a[j][k]);
            }
        }
    }
}

pub fn trsm(l: &Tile, b: &mut Tile) {
    let t = transpose(l);
    for row in b {
        for j in 0..TILE {
            row[j] /= l[j][j];
            for k in j + 1..TILE {
                row[k] = sub_mul!(row[k], row[j], t[j][k]);
            }
        }
    }
}

/// `c -= a * b^T`; with `a` for `b` on the diagonal.
pub fn gemm(a: &Tile, b: &Tile, c: &mut Tile) {
    let t = transpose(b);
    for i in 0..TILE {
        let mut row = c[i];
        for k in 0..TILE {
            for j in 0..TILE {
                row[j] = sub_mul!(row[j], a[i][k], t[k][j]);
            }
        }
        c[i] = row;
    }
}

/// The place of tile `(i, j)`, `j <= i`, of the lower half of a symmetric matrix.
pub fn at(i: usize, j: usize) -> usize {
    i * (i + 1) / 2 + j
}

/// The lower half of a symmetric matrix, row after row.
pub fn tiles() -> Vec<Tile> {
    let mut all = vec![[[0.0; TILE]; TILE]; at(TILES, 0)];
    for i in 0..TILES {
        for j in 0..=i {
            for (p, row) in all[at(i, j)].iter_mut().enumerate() {
                for (q, v) in row.iter_mut().enumerate() {
                    let apart = (i * TILE + p).abs_diff(j * TILE + q);
                    *v = if apart == 0 {
                        100.0
                    } else {
                        1.0 / (1 + apart) as f64
                    };
                }
            }
        }
    }
    all
}

/// The lower half of a matrix on its way to its factor: the tiles that are not done.
pub struct Factoring<'a>(Vec<Option<&'a mut Tile>>);

impl<'a> Factoring<'a> {
    pub fn new(a: &'a mut [Tile]) -> Self {
        Factoring(a.iter_mut().map(Some).collect())
    }
    /// The tiles of column `k`, from the diagonal down, which no later step writes.
    pub fn column(&mut self, k: usize) -> Vec<&'a mut Tile> {
        let all = (k..TILES).map(|i| self.0[at(i, k)].take());
        all.map(|tile| tile.expect("each column is taken once"))
            .collect()
    }
    /// The tiles right of column `k` with their rows and columns, counted from `k`.
    pub fn right_of(&mut self, k: usize) -> impl Iterator<Item = (usize, usize, &mut Tile)> {
        let places = (k..TILES).flat_map(move |i| (0..=i).map(move |j| (i, j)));
        let tiles = self.0[at(k, 0)..].iter_mut().zip(places);
        tiles.filter_map(move |(tile, (i, j))| Some((i - k, j - k, &mut **tile.as_mut()?)))
    }
}

pub fn cholesky(a: &mut [Tile]) {
    for k in 0..TILES {
        potrf(&mut a[at(k, k)]);
        for i in k + 1..TILES {
            let (before, own) = a.split_at_mut(at(i, k));
            trsm(&before[at(k, k)], &mut own[0]);
        }
        for i in k + 1..TILES {
            for j in k + 1..=i {
                let (before, own) = a.split_at_mut(at(i, j));
                let (left, up) = (&before[at(i, k)], &before[at(j, k)]);
                gemm(left, up, &mut own[0]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_of_a_matrix_is_its_root() {
        let (mut l, a) = (tiles(), tiles());
        cholesky(&mut l);
        let row = |r: usize, c: usize| l[at(r / TILE, c / TILE)][r % TILE][c % TILE];
        for (r, c) in [(0, 0), (30, 3), (700, 650), (767, 767)] {
            let sum: f64 = (0..=c).map(|k| row(r, k) * row(c, k)).sum();
            let own = a[at(r / TILE, c / TILE)][r % TILE][c % TILE];
            assert!((sum - own).abs() < 1e-9, "({r}, {c}): {sum} for {own}");
        }
    }
}
