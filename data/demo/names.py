"""Street names as they are found in Thanh Hóa and in every Vietnamese city, given out anew."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.spatial
import shapely

from data.demo.streams import stream

ROADS = (
    "Đại lộ Lê Lợi", "Trần Phú", "Bà Triệu", "Quang Trung", "Nguyễn Trãi", "Lê Hoàn",
    "Hạc Thành", "Đình Hương", "Đội Cung", "Đinh Công Tráng", "Phan Chu Trinh", "Cao Thắng",
    "Tống Duy Tân", "Lê Hữu Lập", "Nguyễn Du", "Trường Thi", "Bến Ngự", "Đông Hương",
    "Đại lộ Hùng Vương", "Đại lộ Nam Sông Mã", "Hải Thượng Lãn Ông", "Lê Lai", "Dương Đình Nghệ",
    "Triệu Quốc Đạt", "Trần Hưng Đạo", "Lý Nhân Tông", "Hàm Nghi", "Thành Thái", "Nguyễn Chí Thanh",
    "Phan Bội Châu", "Lạc Long Quân", "Phú Thứ", "Trịnh Kiểm", "Nguyễn Phục", "Quảng Xá",
    "Đại lộ Võ Nguyên Giáp", "Nguyễn Công Trứ", "Lê Thánh Tông", "Duy Tân", "Trần Thủ Độ",
)  # fmt: skip
"""For main roads."""

STREETS = (
    "Ngô Quyền", "Hàng Đồng", "Hàng Than", "Lò Chum", "Minh Khai", "Nguyễn Thiện Thuật",
    "Cửa Tả", "Cửa Hữu", "Cửa Tiền", "Lê Thị Hoa", "Lê Quý Đôn", "Hoàng Văn Thụ", "Lê Hồng Phong",
    "Nguyễn Hiệu", "Xuân Diệu", "Tản Đà", "Tố Hữu", "Nguyễn Khuyến", "Đào Duy Từ", "Đào Duy Anh",
    "Lương Thế Vinh", "Chu Văn An", "Lê Văn Hưu", "Phùng Khắc Khoan", "Ngô Thì Nhậm",
    "Ngô Sĩ Liên", "Mai An Tiêm", "Mai Xuân Dương", "Tô Vĩnh Diện", "Cù Chính Lan",
    "Phan Đình Phùng", "Phan Đình Giót", "Bế Văn Đàn", "Võ Thị Sáu", "Kim Đồng", "Lý Tự Trọng",
    "Nguyễn Văn Trỗi", "Nguyễn Thị Minh Khai", "Nguyễn Thái Học", "Phạm Ngũ Lão", "Trần Khánh Dư",
    "Trần Nhật Duật", "Trần Quang Khải", "Trần Khát Chân", "Trần Nguyên Hãn", "Nguyễn Xí",
    "Lê Ngọc Hân", "Bùi Thị Xuân", "Đặng Thai Mai", "Đặng Tất", "Lê Phụng Hiểu", "Khúc Thừa Dụ",
    "Phùng Hưng", "Mai Thúc Loan", "Lý Thường Kiệt", "Lý Nam Đế", "Đinh Liệt", "Đinh Lễ",
    "Lê Thạch", "Lê Khôi", "Nguyễn Tạo", "Nguyễn Mộng Tuân", "Hồ Xuân Hương", "Đoàn Thị Điểm",
    "Bà Huyện Thanh Quan", "Hàn Mặc Tử", "Nguyễn Đình Chiểu", "Nguyễn Bỉnh Khiêm", "Lê Chân",
    "Yết Kiêu", "Dã Tượng", "Thi Sách", "Tô Hiến Thành", "Chu Mạnh Trinh", "Nguyễn Trường Tộ",
    "Tạ Quang Bửu", "Tôn Thất Tùng", "Đặng Thùy Trâm", "Hoàng Hoa Thám", "Đề Thám", "Phan Huy Chú",
    "Lê Đình Chinh", "Trần Xuân Soạn", "Hà Văn Mao", "Cầm Bá Thước", "Tôn Thất Thuyết",
    "Nguyễn Quỳnh", "Trạng Quỳnh", "Lê Thế Long", "Trịnh Khả", "Nguyễn Nghiêm", "Ỷ Lan",
    "Thiều Chửu", "Phạm Bành", "Hoàng Bật Đạt", "Lương Đắc Bằng", "Nhữ Bá Sỹ", "Đông Tác",
    "Ái Sơn", "Mật Sơn", "Đông Quan", "Tân An", "Đông Lân", "Đông Phát", "Kiều Đại", "Hàm Hạ",
    "Nguyễn Tri Phương", "Hoàng Diệu", "Trương Định", "Nguyễn Trung Trực", "Võ Văn Tần",
    "Nguyễn Hữu Cảnh", "Trương Hán Siêu", "Cao Bá Quát", "Nguyễn Công Hoan", "Nam Cao",
    "Ngô Tất Tố", "Vũ Trọng Phụng", "Thạch Lam", "Nguyễn Tuân", "Chế Lan Viên", "Huy Cận",
    "Nguyễn Bính", "Xuân Thủy", "Văn Cao", "Đỗ Nhuận", "Trần Huy Liệu", "Tôn Đức Thắng",
    "Phạm Văn Đồng", "Lê Duẩn", "Trường Chinh", "Nguyễn Lương Bằng", "Hoàng Quốc Việt",
    "Phạm Hùng", "Nguyễn Văn Cừ", "Hà Huy Tập", "Nguyễn Đức Cảnh", "Ngô Gia Tự", "Lê Trọng Tấn",
    "Văn Tiến Dũng", "Nguyễn Sơn", "Phan Kế Bính", "Nguyễn Siêu", "Phan Phù Tiên", "Ngô Văn Sở",
    "Phạm Sư Mạnh", "Mạc Đĩnh Chi", "Lương Văn Can", "Hồ Tùng Mậu", "Phùng Chí Kiên",
    "Lương Ngọc Quyến", "Đội Cấn", "Nguyễn Đình Thi", "Tô Ngọc Vân", "Bùi Xuân Phái",
    "Trần Văn Cẩn", "Nguyễn Phan Chánh", "Đặng Văn Ngữ", "Hồ Đắc Di", "Phạm Ngọc Thạch",
    "Nguyễn Xiển", "Lê Văn Thiêm", "Tạ Hiện", "Nguyễn Thiếp", "Trịnh Hoài Đức", "Lê Quang Định",
    "Phạm Phú Thứ", "Bùi Viện", "Nguyễn Lộ Trạch", "Trần Cao Vân", "Thái Phiên", "Ông Ích Khiêm",
    "Nguyễn Duy Hiệu", "Kỳ Đồng", "Đinh Tiên Hoàng", "Lê Đại Hành", "Lý Thái Tổ", "Trần Nhân Tông",
    "Trần Bình Trọng", "Nguyễn Mậu Tài", "Hồ Quý Ly", "Trần Đại Nghĩa", "Lương Đình Của",
    "Cống Quỳnh", "Đặng Dung", "Nguyễn Cảnh Chân", "Nguyễn Biểu", "Lê Cảnh Tuân", "Vũ Hữu",
    "Phan Văn Trị", "Nguyễn Thông", "Huỳnh Mẫn Đạt", "Hòa Bình", "Thống Nhất", "Giải Phóng",
    "Độc Lập", "Thanh Niên", "Công Nhân", "Sông Mã", "Núi Voi", "Cầu Sâng", "Cầu Hạc", "Bến Thủy",
    "Đồng Chiệc", "Ngọc Nữ", "Phượng Hoàng", "Tượng Sơn", "Minh Trại", "Phú Ân",
)  # fmt: skip
"""For streets."""


def name_streets(
    kind: npt.NDArray[np.str_], lines: npt.NDArray[np.object_], seed: int
) -> npt.NDArray[np.object_]:
    """Name streets: main roads first, streets each from the list, alleys after a near street.

    A name comes back when the list is used up, as far as can be from all streets that have it, as
    in a city that villages have grown into; an alley is ``Ngõ`` with a number and the name of the
    nearest street.
    """
    rng = stream(seed, "names")
    names = np.full(len(lines), None, dtype=object)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    for which, pool in (("artery", ROADS), ("street", STREETS)):
        wanted = np.flatnonzero(kind == which)
        wanted = wanted[np.argsort(-shapely.length(lines[wanted]), kind="stable")]
        order = np.array(pool, dtype=object)[rng.permutation(len(pool))]
        names[wanted] = order[_far_apart(middle[wanted], len(pool))]
    alleys, others = np.flatnonzero(kind == "alley"), np.flatnonzero(kind != "alley")
    near = others[scipy.spatial.cKDTree(middle[others]).query(middle[alleys])[1]]
    numbers = 2 * rng.integers(1, 160, len(alleys)) + rng.integers(0, 2, len(alleys))
    names[alleys] = [f"Ngõ {n} {names[s]}" for n, s in zip(numbers, near, strict=True)]
    return names


def _far_apart(middle: npt.NDArray[np.float64], n_names: int) -> npt.NDArray[np.intp]:
    """Give each street the name whose nearest bearer is farthest away; unused ones in their order.

    Examples
    --------
    >>> _far_apart(np.array([[0.0, 0.0], [9.0, 0.0], [8.0, 0.0], [1.0, 0.0]]), 2).tolist()
    [0, 1, 0, 1]
    """
    given = np.zeros(len(middle), dtype=np.intp)
    for i, at in enumerate(middle):
        nearest = np.full(n_names, np.inf)
        np.minimum.at(nearest, given[:i], np.hypot(*(middle[:i] - at).T))
        given[i] = nearest.argmax()
    return given
