//! Nearest neighbours of every point, nearest first.

/// A point on a plane or, with `on_globe`, on the unit sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    xyz: [f64; 3],
}

impl Point {
    /// A point of a plane.
    #[must_use]
    pub const fn plane(x: f64, y: f64) -> Self {
        Self { xyz: [x, y, 0.0] }
    }

    /// A point by latitude and longitude in degrees: the chord orders points as the great circle does.
    #[must_use]
    pub fn globe(lat: f64, lon: f64) -> Self {
        let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
        let (sin_lon, cos_lon) = lon.to_radians().sin_cos();
        Self { xyz: [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat] }
    }

    /// False where a coordinate is NaN or infinite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.xyz.iter().all(|x| x.is_finite())
    }

    fn squared_distance(&self, other: &Self) -> f64 {
        self.xyz.iter().zip(other.xyz).map(|(a, b)| (a - b) * (a - b)).sum()
    }
}

/// Indices of the `most` points nearest to `points[centre]`, itself first, ties by index.
#[must_use]
pub fn nearest(points: &[Point], centre: usize, most: usize) -> Vec<u32> {
    let Some(here) = points.get(centre) else { return Vec::new() };
    let mut order: Vec<(f64, u32)> =
        points.iter().zip(0_u32..).map(|(p, i)| (p.squared_distance(here), i)).collect();
    let by_distance = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    if most < order.len() {
        order.select_nth_unstable_by(most, by_distance);
        order.truncate(most);
    }
    order.sort_unstable_by(by_distance);
    order.into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_ties_by_index() {
        let line: Vec<Point> = [0.0, 1.0, -1.0, 3.0].map(|x| Point::plane(x, 0.0)).to_vec();
        assert_eq!(nearest(&line, 0, 9), [0, 1, 2, 3]);
        assert_eq!(nearest(&line, 3, 2), [3, 1]);
        assert_eq!(nearest(&line, 9, 2), Vec::<u32>::new());
        assert_eq!(nearest(&line, 0, 0), Vec::<u32>::new());
    }

    #[test]
    fn the_globe_is_round() {
        // At 60 degrees north a degree of longitude is half as long as one of latitude.
        let points = [Point::globe(60.0, 10.0), Point::globe(60.9, 10.0), Point::globe(60.0, 11.5)];
        assert_eq!(nearest(&points, 0, 3), [0, 2, 1]);
    }
}
