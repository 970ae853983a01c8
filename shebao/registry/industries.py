"""行业类别: the eight classes of work-injury risk, by which an employer's rate is set.

Source: 《人力资源社会保障部 财政部关于调整工伤保险费率政策的通知》（人社部发〔2015〕71号）, 行业工伤风险类别划分表.
Each label names some industries of its class; the whole table is the notice's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndustryClass(models.TextChoices):
    ONE = "1", _("一类：软件和信息技术、金融、社会组织等")
    TWO = "2", _("二类：批发零售、住宿餐饮、房地产、商务服务、教育、卫生等")
    THREE = "3", _("三类：食品、纺织、电子设备制造、公共设施管理、娱乐等")
    FOUR = "4", _("四类：农业、服装、医药、通用和专用设备、汽车制造等")
    FIVE = "5", _("五类：林业、家具、造纸、建筑安装、道路和水上运输等")
    SIX = "6", _("六类：渔业、化工、冶炼、房屋建筑、土木工程等")
    SEVEN = "7", _("七类：石油和天然气开采、石油加工等")
    EIGHT = "8", _("八类：煤炭、金属和非金属矿采选等")
