"""What names are made of. Surnames are weighted roughly as in the country; nobody in particular is meant.

Every employer carries 示例 in its name, so that no real one can be taken for it.
"""

from itertools import accumulate

_SURNAMES_AND_WEIGHTS = """
王 72 李 71 张 68 刘 54 陈 46 杨 31 黄 22 赵 23 吴 20 周 21 徐 14 孙 15 马 13 朱 13 胡 13 郭 12 何 12 林 11 高 11 罗 10
郑 9 梁 8 谢 8 宋 8 唐 7 许 7 邓 6 韩 7 冯 6 曹 6 彭 6 曾 6 肖 6 田 5 董 5 袁 5 潘 5 于 6 蒋 5 蔡 5 余 5 杜 5 叶 5 程 5
苏 4 魏 5 吕 4 丁 4 任 4 沈 4 姚 4 卢 4 姜 4 崔 4 钟 4 谭 4 陆 4 汪 4 范 4 金 3 石 4 廖 4 贾 4 夏 3 韦 3 付 3 方 3 白 3
邹 3 孟 3 熊 3 秦 3 邱 3 江 3 尹 3 薛 3 闫 3 段 3 雷 2 侯 3 龙 2 史 2 陶 2 黎 2 贺 2 顾 2 毛 2 郝 2 龚 2 邵 2 万 2 钱 2
严 2 覃 2 武 2 戴 2 莫 2 孔 2 向 2 汤 2 欧阳 1 司马 1 上官 1 诸葛 1
"""
_SURNAMES = _SURNAMES_AND_WEIGHTS.split()
SURNAMES = tuple(_SURNAMES[0::2])
SURNAME_WEIGHTS = tuple(accumulate(int(weight) for weight in _SURNAMES[1::2]))

GIVEN = {
    "M": tuple(
        "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林峰建国志文海德成家荣兴子轩博涵泽天睿思远昊然晨一诺"
        "楚汉江川山岳东青松柏正义光立卫民学礼安康永庆先章启程云翔向阳新长春"
    ),
    "F": tuple(
        "芳娜敏静丽艳娟霞秀英玲桂兰红梅燕萍洁琴雪莉倩婷玉慧晶颖琳佳怡梦瑶欣雨彤诗涵紫萱若曦可馨思雅淑珍凤云月春香菊莲蓉"
        "薇璐瑾瑜宁安晓小文心悦子涵一诺语嫣清荷江汉楚青竹映秋"
    ),
}

_TRADE_NAMES = """
云启 楚江 汉阳造 光谷星 江城 长青 东湖月 晴川 知音 黄鹤 龟山 琴台 梅岭 沙湖 金口 木兰 桃花岛 汤逊 青山绿 武昌鱼 鹦鹉洲
百步 古田 后官 二七路 三阳 六渡桥 南望 石榴红 凤凰 白沙 龙泉 马鞍 严西 流芳 花山 左岭 豹澥 关东 民权 一元 球场 花楼
天声 同福 合美 博远 嘉禾 明德 致和 恒信 远景 华辰 新禾 启明 卓远 力行 众诚 诚达 安泰
"""
TRADE_NAMES = tuple(_TRADE_NAMES.split())

# Trade, its national work-injury industry class (人社部发〔2015〕71号), and how many of a hundred employers are in it.
TRADES = (
    ("软件技术", 1, 12),
    ("信息服务", 1, 7),
    ("管理咨询", 1, 6),
    ("广告传媒", 1, 5),
    ("教育科技", 1, 5),
    ("商贸", 2, 12),
    ("餐饮管理", 2, 8),
    ("物业服务", 3, 6),
    ("生物医药", 3, 4),
    ("光电子", 3, 5),
    ("服饰", 3, 4),
    ("食品", 4, 4),
    ("汽车零部件", 4, 6),
    ("机械制造", 5, 5),
    ("物流运输", 6, 5),
    ("建筑工程", 6, 3),
    ("化工材料", 7, 2),
    ("矿业", 8, 1),
)

_ROADS = "解放 中山 建设 和平 友谊 胜利 沿江 发展 珞喻 民主 团结 工农 前进 光明"
ROADS = tuple(_ROADS.split())
