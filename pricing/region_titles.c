#include "pricing/region_titles.h"
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The vendor's list of regions and zones (help.aliyun.com/document_detail/40654.html, November 2026). */
static const struct title {
    const char *chinese, *english, *region;
} titles[] = {
    {"上海", "Shanghai", "cn-shanghai"},
    {"北京", "Beijing", "cn-beijing"},
    {"杭州", "Hangzhou", "cn-hangzhou"},
    {"深圳", "Shenzhen", "cn-shenzhen"},
    {"张家口", "Zhangjiakou", "cn-zhangjiakou"},
    {"呼和浩特", "Hohhot", "cn-huhehaote"},
    {"乌兰察布", "Ulanqab", "cn-wulanchabu"},
    {"成都", "Chengdu", "cn-chengdu"},
    {"河源", "Heyuan", "cn-heyuan"},
    {"广州", "Guangzhou", "cn-guangzhou"},
    {"青岛", "Qingdao", "cn-qingdao"},
    {"南京", "Nanjing", "cn-nanjing"},
    {"福州", "Fuzhou", "cn-fuzhou"},
    {"武汉", "Wuhan", "cn-wuhan-lr"},
    {"香港", "Hong Kong", "cn-hongkong"},
    {"新加坡", "Singapore", "ap-southeast-1"},
    {"吉隆坡", "Kuala Lumpur", "ap-southeast-3"},
    {"雅加达", "Jakarta", "ap-southeast-5"},
    {"马尼拉", "Manila", "ap-southeast-6"},
    {"曼谷", "Bangkok", "ap-southeast-7"},
    {"东京", "Tokyo", "ap-northeast-1"},
    {"首尔", "Seoul", "ap-northeast-2"},
    {"弗吉尼亚", "Virginia", "us-east-1"},
    {"硅谷", "Silicon Valley", "us-west-1"},
    {"法兰克福", "Frankfurt", "eu-central-1"},
    {"伦敦", "London", "eu-west-1"},
    {"迪拜", "Dubai", "me-east-1"},
    {"利雅得", "Riyadh", "me-central-1"},
};

const char *region_by_title(const char *text)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strstr(text, titles[i].chinese) || strcasestr(text, titles[i].english))
            return titles[i].region;
    return NULL;
}
