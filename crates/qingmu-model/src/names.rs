//! Texts that may be somebody's name: offices type names into every column, and no message may pass one on.

use crate::quoted::{digits, han, shapes, squeezed};

/// The commonest family names of one character: about nine people of ten have one of them.
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程\
魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔\
向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍\
涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费\
卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐\
冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋\
相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利\
於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由";
/// Family names of two characters.
const DOUBLE: [&str; 24] = [
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "令狐", "夏侯", "东方", "公孙", "慕容", "司徒",
    "长孙", "宇文", "申屠", "端木", "呼延", "南宫", "独孤", "轩辕", "百里", "东郭", "闻人", "澹台",
];
/// Ends of names of places.
const PLACES: [&str; 15] = [
    "村",
    "社区",
    "村委会",
    "居委会",
    "委员会",
    "村委",
    "组",
    "队",
    "屯",
    "镇",
    "乡",
    "街道",
    "街道办",
    "办事处",
    "县",
];
/// Ends of words that no given name has.
const WORDS: [&str; 22] = [
    "地",
    "类",
    "补贴",
    "资金",
    "项目",
    "作物",
    "粮食",
    "保险",
    "公司",
    "合作社",
    "农场",
    "种植",
    "面积",
    "不详",
    "不清",
    "未知",
    "情况",
    "合计",
    "小计",
    "总计",
    "补助",
    "奖励",
];
/// Words that begin like a name and are none: crops, posts and marks that lists of offices have.
const KNOWN: [&str; 56] = [
    "黄芪",
    "黄豆",
    "黄瓜",
    "黄花菜",
    "党参",
    "白术",
    "白菜",
    "白芍",
    "白芷",
    "白芸豆",
    "金银花",
    "胡萝卜",
    "胡麻",
    "甘蔗",
    "甘草",
    "甘蓝",
    "葛根",
    "苏子",
    "牛蒡",
    "牛膝",
    "花椒",
    "花生",
    "石榴",
    "柏树",
    "柳树",
    "杨树",
    "江米",
    "车前草",
    "万寿菊",
    "金针菇",
    "李子",
    "毛豆",
    "苗木",
    "林果",
    "林木",
    "林药",
    "蓝莓",
    "龙眼",
    "粟米",
    "高粱",
    "谷子",
    "米豆",
    "豆类",
    "麦冬",
    "柴胡",
    "连翘",
    "桔梗",
    "桑树",
    "桑蚕",
    "丹参",
    "文书",
    "支书",
    "成功",
    "计税",
    "全年",
    "路边",
];
/// Characters of the longest part that is quoted although it begins like a name; one more where it does not.
const PLACE: usize = 4;

/// Whether a text is as people's names are: two to four Han characters that begin with a family name and end like no
/// place and no known word.
#[must_use]
pub fn may_be_name(text: &str) -> bool {
    let text = squeezed(text);
    let length = text.chars().count();
    let family = text.chars().next().is_some_and(|c| FAMILIES.contains(c))
        || (length > 2 && DOUBLE.iter().any(|double| text.starts_with(double)));
    (2..=4).contains(&length)
        && family
        && text.chars().all(han)
        && !ends(&text, &PLACES)
        && !ends(&text, &WORDS)
        && !KNOWN.contains(&text.as_str())
}

fn ends(text: &str, all: &[&str]) -> bool {
    all.iter().any(|end| text.ends_with(end))
}

/// A text that should name a place and could not be resolved. Names of places are quoted; whatever does not end like
/// one may be a person's, of which a short one keeps its first character and a longer one its length.
#[must_use]
pub fn mask_place(raw: &str) -> String {
    let (text, hidden) = digits(&squeezed(raw));
    let length = text.chars().count();
    if !hidden && places(&text) {
        return text;
    }
    if (2..=4).contains(&length) && text.chars().all(han) {
        return crate::mask_name(&text);
    }
    shapes(&text)
}

/// Whether a text is nothing but names of places: 甲山镇东沟村三组, each part short enough to hold no person's name.
fn places(text: &str) -> bool {
    let mut part = String::new();
    for c in text.chars() {
        part.push(c);
        if ends(&part, &PLACES) {
            let begins = part.chars().next().is_some_and(|c| FAMILIES.contains(c));
            if part.chars().count() > PLACE + usize::from(!begins) {
                return false;
            }
            part.clear();
        }
    }
    // 村委会: what follows the end of a place belongs to it.
    part.is_empty() || ["委", "委会", "办"].contains(&part.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Invented names and places.

    #[test]
    fn names_are_told_from_places_and_words() {
        for text in ["王嬲", "王嬲孖", "欧阳嬲孖", "王 嬲", "张小花", "李田"] {
            assert!(may_be_name(text), "{text}");
        }
        for text in [
            "嬲孖奀",
            "王家村",
            "李庄社区",
            "林地",
            "黄芪",
            "文书",
            "王",
            "王嬲孖奀嘅",
            "粮食补贴",
            "测试",
            "",
            "A12",
        ] {
            assert!(!may_be_name(text), "{text}");
        }
    }

    #[test]
    fn only_places_are_quoted_where_a_place_belongs() {
        for (raw, shown) in [
            ("东沟村", "东沟村"),
            ("王家村", "王家村"),
            ("甲山镇东沟村三组", "甲山镇东沟村三组"),
            ("东沟村委会", "东沟村委会"),
            ("东沟村民委员会", "东沟村民委员会"),
            ("嬲孖奀", "嬲**"),
            ("王嬲", "王*"),
            ("王 嬲 孖", "王**"),
            ("东沟", "东*"),
            ("王嬲孖东沟村", "[汉字6]"),
            ("东沟村王嬲孖", "[汉字6]"),
            ("610423197001011230", "61***"),
            ("王嬲610423197001011230", "[汉字2]61***"),
            ("东沟村3组", "东沟村3组"),
        ] {
            assert_eq!(mask_place(raw), shown, "{raw}");
        }
    }
}
